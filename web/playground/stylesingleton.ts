// Takes the place of react-style-singleton, by which GraphiQL's dialogs add a style element
// to the document. The Content-Security-Policy refuses it, and nothing is lost: the style
// keeps the page behind a dialog from scrolling, and this page never scrolls.
export const styleSingleton = () => () => null
