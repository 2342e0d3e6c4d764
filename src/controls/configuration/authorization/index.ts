/** Languages in which authorisation is written down: Rego, Cedar, the rules of Firebase. */
import type { SourceFile } from '../../../syntax/index.ts';
import type { SheetBuilder } from '../sheet.ts';
import { addRego } from './rego.ts';
import { addCedar, addFirebaseRules } from './statements.ts';

const LANGUAGES: readonly {
  readonly files: RegExp;
  readonly add: (file: SourceFile, sheet: SheetBuilder) => void;
}[] = [
  // Tests of policies are not policies.
  { files: /(?<!_test)\.rego$/, add: addRego },
  { files: /\.cedar$/, add: addCedar },
  { files: /(?:^|\/)(?:firestore|storage|firebase|database)\.rules$/, add: addFirebaseRules },
];

/** Whether the file at this path states who may do what in a language that is read here. */
export function isAuthorizationRules(path: string): boolean {
  return LANGUAGES.some(({ files }) => files.test(path));
}

/** Add what the file grants and refuses; a file of another kind adds nothing. */
export function addAuthorizationRules(file: SourceFile, sheet: SheetBuilder): void {
  for (const { files, add } of LANGUAGES) if (files.test(file.path)) add(file, sheet);
}
