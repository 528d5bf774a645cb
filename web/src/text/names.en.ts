/** What is wrong with the name of somebody, of a cat or of a place, by the API's reason. */
export const names: Record<string, string | undefined> = {
  NAME_NOTHING_VISIBLE: 'There is nothing to see. Please write at least one letter.',
  NAME_INVISIBLE_CHARACTER: 'There is an invisible character in it. Please type the text anew instead of pasting it.',
  NAME_DIRECTION_CONTROL: 'There is a sign in it that changes the direction of the text. Please type the text anew instead of pasting it.',
  NAME_LINE_BREAK: 'Please write it in a single line.',
  NAME_STACKED_MARKS: 'There are too many accents or marks on one letter. Please leave some of them out.',
  NAME_RESERVED: 'This is what we call members who have deleted their account. Please choose something else.',
}
