import type { blocks as en } from './blocks.en'

/** Texts about members whom the viewer has blocked. */
export const blocks: typeof en = {
  title: 'Blockierte Mitglieder',
  intro: 'Du siehst nichts von diesen Mitgliedern, und sie sehen nichts von dir.',
  none: 'Du hast niemanden blockiert.',
  block: 'Blockieren',
  question: (name) => `${name} blockieren?`,
  effects: [
    'Ihr seht keine Profile, Katzen, Anfragen und Nachrichten voneinander mehr und könnt einander nicht mehr anfragen oder schreiben. Offene Anfragen werden abgesagt.',
    'Eine zugesagte Pflege läuft weiter: Ihr seht beide noch die Tage, die Adresse und den Pflegeplan. Du kannst sie absagen oder beenden.',
    'Niemand erfährt davon. Blockierte Mitglieder findest du in den Einstellungen.',
  ],
  done: (name) => `Du hast ${name} blockiert.`,
  unblock: 'Nicht mehr blockieren',
  unblockOf: (name) => `${name} nicht mehr blockieren`,
  undone: (name) => `Du hast die Blockierung von ${name} aufgehoben.`,
}
