import{Gt as e}from"./shared-D3IEIQEw.js";var t=e(`
  mutation MarkNotificationsRead($upTo: ID!, $about: ID) {
    markNotificationsRead(upTo: $upTo, about: $about) {
      id
      unreadNotifications
    }
  }
`);export{t};