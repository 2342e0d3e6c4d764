import type { Facts } from '../../../facts/index.ts';
import type { FindingDraft, Fix, RuleExample, Severity } from '../../../findings/index.ts';
import type { Pipeline } from '../../../pipelines/index.ts';
import type { MapEntry, Place } from '../../../syntax/index.ts';

/** Sources of agentic workflows that start something; the parts they import have no trigger of their own. */
export function agenticSources(facts: Facts): readonly Pipeline[] {
  return facts.pipelines.filter(({ role }) => role === 'agentic-source');
}

/** A small source, for the examples of rules. `lines` are further front matter. */
export function source(lines: string, on = '{ issues: { types: [opened] } }'): readonly RuleExample[] {
  const text = `---\non: ${on}\npermissions: { contents: read }\nengine: claude\n${lines}${lines === '' ? '' : '\n'}---\n\n# Triage\n\nSort the issue.\n`;
  return [{ file: '.github/workflows/triage.md', text }];
}

interface Wording {
  readonly rule: string;
  readonly message: string;
  readonly severity: Severity;
  readonly confidence?: FindingDraft['confidence'];
  readonly fix?: Fix;
}

/** A finding about one place of a source. */
export function sourceFinding(pipeline: Pipeline, subject: string, place: Place, wording: Wording): FindingDraft {
  const { fix, confidence = 'high', ...rest } = wording;
  return {
    ...rest,
    confidence,
    place,
    subject: `${pipeline.file.path} ${subject}`,
    ...(fix === undefined ? {} : { fixes: [fix] }),
  };
}

export function placeOfEntry(pipeline: Pipeline, entry: MapEntry): Place {
  return { file: pipeline.file.path, span: entry.span };
}

/** Replace the value of an entry. */
export function replaceValue(pipeline: Pipeline, entry: MapEntry, text: string, title: string): Fix {
  const edit = { file: pipeline.file.path, span: entry.value.span, text };
  return { title, safety: 'safe', edits: [edit], creates: [] };
}
