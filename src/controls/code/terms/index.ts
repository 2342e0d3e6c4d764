/** Programs of all languages in one form, as far as controls need it. */
export { languageOf, type Piece, readPieces, type SourcePieces } from './read.ts';
export { clip, lastName, namesOf, type Rendering, renderComparison, renderTerm, showTerm } from './render.ts';
export { argumentsOf, partOf, partsOf, type Role, staysOutside, type Term, type TermKind, termsIn } from './term.ts';
