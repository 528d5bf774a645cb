import{Kt as e}from"./shared-DafN4PSE.js";var t=e(`
  mutation MarkNotificationsRead($upTo: ID!, $about: ID) {
    markNotificationsRead(upTo: $upTo, about: $about) {
      id
      unreadNotifications
    }
  }
`);export{t};