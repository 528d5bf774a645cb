import { graphql } from '../api/graphql'
import { PlaceFragment } from '../places/place'
import { PortraitFragment } from './Portrait'

/** What the form of a member's profile is filled in with, and what it changes. */
export const ProfileFormFragment = graphql(
  `
    fragment ProfileForm on User {
      id
      bio
      location
      place {
        id
        ...Place
      }
      photo {
        id
        alt
      }
      ...Portrait
    }
  `,
  [PlaceFragment, PortraitFragment],
)
