export const names: Record<string, string | undefined> = {
  NAME_NOTHING_VISIBLE: 'Hier ist nichts zu sehen. Bitte schreib mindestens einen Buchstaben.',
  NAME_INVISIBLE_CHARACTER: 'Hier ist ein unsichtbares Zeichen enthalten. Bitte tipp den Text neu, statt ihn einzufügen.',
  NAME_DIRECTION_CONTROL: 'Hier ist ein Zeichen enthalten, das die Schreibrichtung ändert. Bitte tipp den Text neu, statt ihn einzufügen.',
  NAME_LINE_BREAK: 'Bitte schreib in eine einzige Zeile.',
  NAME_STACKED_MARKS: 'Auf einem Buchstaben sitzen zu viele Akzente oder Zeichen. Bitte lass einige davon weg.',
  NAME_RESERVED: 'So nennen wir Mitglieder, die ihr Konto gelöscht haben. Bitte wähle etwas anderes.',
}
