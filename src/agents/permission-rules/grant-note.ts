import { isEveryCommand, isExact, matchesText } from '../claude-code/prediction/command-rule.ts';
import { isWhole, namesTool, readRule } from '../claude-code/prediction/permission-rule.ts';
import { startsUnseen } from '../claude-code/prediction/wrappers.ts';
import type { ProductId } from '../invocation/invocation.ts';
import { analyseRule } from './analyse-rule.ts';
import { MEASURED } from './tool-names.ts';

/**
 * The refusing rule that takes everything away which this one approves, in the CLI's reading: the same tool as a whole, or
 * a pattern that the approving pattern itself fits. Undefined where none does, and for products that were not measured.
 */
export function shadowOf(product: ProductId, approving: string, refusing: readonly string[]): string | undefined {
  const rule = MEASURED.has(product) ? readRule(approving, 'allow', 'flag') : undefined;
  if (rule === undefined) return undefined;
  const command = rule.tool === 'Bash' && rule.spec !== undefined ? rule.spec.replace(/:\*$/, ' *') : undefined;
  return refusing.find((text) => {
    const other = readRule(text, 'deny', 'flag');
    if (other === undefined || !namesTool(other, rule.tool)) return false;
    if (isWhole(other)) return true;
    if (command === undefined || other.tool !== 'Bash' || other.spec === undefined) return other.text === rule.text;
    return matchesText(other.spec, command) && (!isEveryCommand(command) || isEveryCommand(other.spec));
  });
}

/** What an approving rule comes to beside the rules that refuse: a few words for a person. */
export function grantNote(product: ProductId, approving: string, refusing: readonly string[]): string {
  const { dead, means, command } = analyseRule(product, approving);
  if (dead !== undefined) return `matches nothing: ${dead}`;
  const shadow = shadowOf(product, approving, refusing);
  if (shadow !== undefined) return `approves nothing: ${shadow} refuses it first`;
  const [program] = command?.words ?? [];
  const spec = readRule(approving, 'allow', 'flag')?.spec ?? '';
  if (MEASURED.has(product) && program !== undefined && startsUnseen(program) && !isExact(spec)) {
    return `approves nothing: what ${program} starts cannot be seen, so only its exact text is approved`;
  }
  return means;
}
