import{Kt as e}from"./shared-C7j0g4l2.js";var t=e(`
  mutation MarkNotificationsRead($upTo: ID!, $about: ID) {
    markNotificationsRead(upTo: $upTo, about: $about) {
      id
      unreadNotifications
    }
  }
`);export{t};