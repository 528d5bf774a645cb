/** Returns what is around a control and can have the focus, for when the control goes: a card, a section, or the page. */
export const placeAround = (control: Element) => control.closest<HTMLElement>('[tabindex="-1"]')
