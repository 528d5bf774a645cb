import{Gt as e}from"./shared-g2-eXypH.js";var t=e(`
  mutation MarkNotificationsRead($upTo: ID!, $about: ID) {
    markNotificationsRead(upTo: $upTo, about: $about) {
      id
      unreadNotifications
    }
  }
`);export{t};