import type { CodeLanguage } from '../../code/index.ts';
import type { Frame, Machine } from './machine.ts';

const SCRIPTS: ReadonlySet<CodeLanguage> = new Set(['javascript', 'typescript']);
const TYPED: ReadonlySet<CodeLanguage> = new Set(['go', 'java']);

/** JavaScript and TypeScript: objects with prototypes, properties that are keys. */
export function isScript(machine: Machine, frame: Frame): boolean {
  return SCRIPTS.has(machine.language(frame));
}

/** Languages whose declared types are what a value is: Go and Java. */
export function isTyped(machine: Machine, frame: Frame): boolean {
  return isTypedLanguage(machine.language(frame));
}

export function isTypedLanguage(language: CodeLanguage | undefined): boolean {
  return language !== undefined && TYPED.has(language);
}
