import{Kt as e}from"./shared-94jfGhsW.js";var t=e(`
  mutation MarkNotificationsRead($upTo: ID!, $about: ID) {
    markNotificationsRead(upTo: $upTo, about: $about) {
      id
      unreadNotifications
    }
  }
`);export{t};