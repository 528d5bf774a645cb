import { useMutation } from 'urql'
import { failureOf, type Failure } from '../api/failure'
import { graphql } from '../api/graphql'
import { photosOf, type Known } from './uploads'

export const UpdatePhotoMutation = graphql(`
  mutation UpdatePhoto($id: ID!, $alt: String) {
    updatePhoto(id: $id, alt: $alt) {
      id
      alt
    }
  }
`)

/**
 * Returns the function that says what the photos of a form show, as far as that has changed. The photos themselves are attached by
 * what follows: if it fails, the form is sent again, and the same words once more change nothing.
 */
export function useAlts(): (value: string, before?: readonly Known[]) => Promise<Failure | undefined> {
  const [, update] = useMutation(UpdatePhotoMutation)
  return async (value, before = []) => {
    for (const { id, alt } of photosOf(value)) {
      if (alt.trim() === (before.find((photo) => photo.id === id)?.alt ?? '')) continue
      const { error } = await update({ id, alt: alt.trim() || null })
      if (error) return failureOf(error)
    }
    return undefined
  }
}
