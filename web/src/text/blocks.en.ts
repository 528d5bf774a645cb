/** Texts about members whom the viewer has blocked. */
export const blocks = {
  title: 'Blocked members',
  intro: 'You see nothing of these members, and they see nothing of you.',
  none: 'You have blocked nobody.',
  block: 'Block',
  question: (name: string) => `Block ${name}?`,
  effects: [
    'You no longer see each other’s profiles, cats, requests and messages, and can no longer ask or write to each other. Requests that wait for an answer are cancelled.',
    'A fostering that is agreed goes on: you both still see the days, the address and the care plan. You can cancel it or end it.',
    'Nobody is told. You find blocked members in the settings.',
  ],
  done: (name: string) => `You have blocked ${name}.`,
  unblock: 'Unblock',
  unblockOf: (name: string) => `Unblock ${name}`,
  undone: (name: string) => `You have unblocked ${name}.`,
}
