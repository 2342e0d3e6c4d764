/** A grammar of the parser. `tsx` is TypeScript with elements. */
export const GRAMMARS = ['python', 'javascript', 'typescript', 'tsx', 'go', 'java'] as const;
export type GrammarName = (typeof GRAMMARS)[number];

/** SHA-256 of each wasm file in `@vscode/tree-sitter-wasm` 0.3.1. */
export const GRAMMAR_HASHES: Readonly<Record<GrammarName, string>> = {
  python: '16108b50df4ee9a30168794252ab55e7c93bfc5765d7fa0aa3e335752c515f47',
  javascript: '5fb488d0cabb4775a594bab85682de5ad6ce83c0d6ac997a9f82dd084d571240',
  typescript: '778025db5a8be0e70f8ccc3671e486dfeddd048c25d9e8a70c26de2e1bf6f97d',
  tsx: '79e5da75ea62855a0cd67177685f0164eac87d5f630b3cbe1e0a099751ad30f8',
  go: '9504573f352b20be7f2f1911754d710622aedc15afff16d5ed8fb5645681aee7',
  java: '4fdeac4ca6ca089f06c6f7e562abcac1733cd465728cc7031ebb73c2019122c4',
};
