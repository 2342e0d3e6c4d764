import type { SourceFile, Span } from '../../../syntax/index.ts';
import type { SheetBuilder } from '../sheet.ts';

/** One rule of a language for authorisation: who meets every condition is let in, or is refused. */
export interface AuthorizationRule {
  readonly effect: 'allow' | 'deny';
  /** Of the rule or of what it is about; empty where the language has none. */
  readonly name: string;
  readonly conditions: readonly { readonly text: string; readonly span: Span }[];
  readonly span: Span;
}

/**
 * A rule is known by what it says, so that order and remarks mean nothing: one that was changed is paired with the one that
 * is most alike. An allowing rule protects by its conditions; a refusing one by being there, and each condition makes it
 * refuse less.
 */
export function addRules(rules: readonly AuthorizationRule[], file: SourceFile, sheet: SheetBuilder): void {
  for (const { effect, name, conditions, span } of rules) {
    const isAllow = effect === 'allow';
    const texts = conditions.map(({ text }) => text).sort();
    const scope = `${name === '' ? effect : name} if ${texts.length === 0 ? 'anything' : texts.join(' and ')}`.slice(
      0,
      300,
    );
    const place = { file: file.path, span };
    sheet.scope(scope, place);
    sheet.add({
      control: 'authorization-rule-loosened',
      scope,
      subject: `${effect} ${name}`,
      weight: isAllow ? (texts.length === 0 ? 3 : 1) : -1,
      shown: isAllow ? 'lets in' : 'refuses',
      value: '',
      place,
      standing: !isAllow,
      severity: isAllow ? 'critical' : 'high',
    });
    for (const { text, span: at } of conditions)
      sheet.add({
        control: 'authorization-rule-loosened',
        scope,
        subject: text.slice(0, 300),
        weight: isAllow ? -weightOf(text) : 1,
        shown: text,
        place: { file: file.path, span: at },
        severity: 'high',
        quietWhenNew: !isAllow,
      });
  }
}

/** A condition that is always met is none. */
function weightOf(text: string): number {
  return /^(?:true|1 == 1)$/.test(text) ? 0 : 1;
}
