import type { StepScript } from '../../src/pipelines/index.ts';
import { readStepScript } from '../../src/pipelines/script/index.ts';
import type { ScriptLanguage } from '../../src/syntax/index.ts';
import { loadScriptReader } from '../../src/syntax/script.ts';
import { templateText } from './template-text.ts';

const script = await loadScriptReader();

/** The script of a step whose text begins at `start` of its file. */
export function stepScript(text: string, language: ScriptLanguage = 'bash', start = 0): StepScript {
  return readStepScript(templateText(text, start), language, { script });
}
