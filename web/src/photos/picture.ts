import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import type { Picture } from '../ui/Photo'

export const PictureFragment = graphql(`
  fragment Picture on Photo {
    id
    width
    height
    alt
    placeholder
    thumbnail: url(size: THUMBNAIL)
    card: url(size: CARD)
    large: url(size: LARGE)
  }
`)

export const CatPhotosFragment = graphql(
  `
    fragment CatPhotos on CatProfile {
      id
      name
      photos {
        id
        ...Picture
      }
      photosUrls
    }
  `,
  [PictureFragment],
)

/** The widths of the sizes. A photo that is narrower has its own width in all of them. */
const widths = { thumbnail: 320, card: 960, large: 1920 }

/** Returns a photo that the API keeps as it is shown. */
export function pictureOf(data: FragmentOf<typeof PictureFragment>): Picture {
  const { alt, width, height, placeholder, ...urls } = readFragment(PictureFragment, data)
  const sizes = (['thumbnail', 'card', 'large'] as const).map((size) => `${urls[size]} ${Math.min(width, widths[size])}w`)
  return { src: urls.large, srcSet: sizes.join(), width, height, placeholder, alt }
}

/** Returns the photos of a cat as they are shown: those that the API keeps, and then those on other sites. */
export function picturesOf(data: FragmentOf<typeof CatPhotosFragment>): Picture[] {
  const { photos, photosUrls } = readFragment(CatPhotosFragment, data)
  return [...photos.map(pictureOf), ...foreignUrls({ photos, photosUrls }).map((src) => ({ src }))]
}

/** Returns the URLs of the photos of a cat that are on other sites. */
export const foreignUrls = ({ photos, photosUrls }: { photos: readonly unknown[]; photosUrls: readonly string[] }) => photosUrls.slice(photos.length)
