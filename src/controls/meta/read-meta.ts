import type { Grammars } from '../../code/index.ts';
import { createClassifier } from '../../policy/index.ts';
import type { Readers, SourceFile } from '../../syntax/index.ts';
import { SheetBuilder } from '../configuration/index.ts';
import type { FactSheet } from '../facts/fact.ts';
import { addHeldVersions } from './held-versions.ts';
import { addKeptOut } from './kept-out.ts';
import { addManifest } from './manifest.ts';
import { addForeignSources } from './manifest-sources.ts';
import { addProgramNames } from './program-names.ts';
import { addRepositoryFile } from './repository-files.ts';
import { addSafeguards } from './safeguards/safeguards.ts';
import { addTests, isTestCode, isTestPath } from './tests/test-facts.ts';
import { addSuppressions, addTextMarks } from './text-marks.ts';

/** What any text file says about checks and about what people see of it. */
export interface MetaReader {
  readonly read: (file: SourceFile) => FactSheet;
}

const SENSITIVE =
  /auth|login|session|token|crypt|secur|permission|access|password|oauth|saml|jwt|acl|rbac|sanitiz|csrf/i;
const CODE_CLASSES: ReadonlySet<string> = new Set([
  'source',
  'test',
  'execution-bearing',
  'environment',
  'ci',
  'other',
  'agent-config',
]);
/** Data and pages of people: not program text. */
const DATA =
  /\.(?:json[c5]?|lock|sum|csv|tsv|svg|html?|xml|md|mdx|txt|rst|css|map|snap|ambr|po|pot|strings|resx|plist)$/i;
/** Scanning it would say nothing that the digest does not say. */
const LARGEST = 2_000_000;

/** @param grammars with those of the test files that may come. */
export function createMetaReader(readers: Readers, grammars: Grammars): MetaReader {
  const classify = createClassifier();
  return {
    read: (file) => {
      const sheet = new SheetBuilder(file.path);
      if (file.text.length > LARGEST) {
        sheet.gap({
          kind: 'cap',
          message: `longer than ${LARGEST} characters: not looked through`,
          place: { file: file.path, span: { start: 0, end: 0 } },
        });
        return sheet.done();
      }
      const { class: kind } = classify(file.path);
      const isCode = CODE_CLASSES.has(kind) && !DATA.test(file.path);
      if (kind !== 'lock-file') {
        addTextMarks(file, isCode, sheet);
        if (isCode || /\.ya?ml$|ockerfile/.test(file.path))
          addSuppressions(file, SENSITIVE.test(file.path), kind === 'test', sheet);
      }
      addRepositoryFile(file, sheet);
      addManifest(file, readers, sheet);
      addForeignSources(file, sheet);
      addHeldVersions(file, readers, sheet);
      addProgramNames(file, readers, sheet);
      addKeptOut(file, sheet);
      if (!isTestCode(file.path) && kind !== 'documentation') addSafeguards(file, sheet);
      if (isTestPath(file.path)) addTests(file, grammars, sheet);
      return sheet.done();
    },
  };
}
