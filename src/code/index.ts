/** Source code as data: parse trees by pinned grammars, and one representation of all languages for the engines above. */
export { lowerGo } from './go/index.ts';
export { GRAMMARS, type GrammarName } from './grammar-files.ts';
export type * from './ir.ts';
export { lowerJava } from './java/index.ts';
export { lowerJavaScript } from './javascript/index.ts';
export { type Grammars, loadGrammars, PARSE_LIMITS, type Parsed } from './parser.ts';
export { lowerPython } from './python/index.ts';
export { brokenParts, childOf, childrenOf, hasToken, namedChildren, type SyntaxNode } from './syntax-tree.ts';
