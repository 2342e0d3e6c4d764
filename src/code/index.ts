/** Source code as data: parse trees by pinned grammars, and one representation of all languages for the engines above. */
export { lowerGo } from './go/index.ts';
export { GRAMMARS, type GrammarName } from './grammar-files.ts';
export type {
  Argument,
  Case,
  ClassNode,
  CodeLanguage,
  Expression,
  FunctionNode,
  MapPart,
  Module,
  Parameter,
  Statement,
  Target,
} from './ir.ts';
export { lowerJava } from './java/index.ts';
export { lowerJavaScript } from './javascript/index.ts';
export { type Grammars, loadGrammars, PARSE_LIMITS } from './parser.ts';
export { lowerPython } from './python/index.ts';
export { childOf, namedChildren, type SyntaxNode } from './syntax-tree.ts';
