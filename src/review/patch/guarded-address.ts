import type { FileChange, Finding } from '../../findings/index.ts';
import { type AddedCode, addedCode } from './added-code.ts';
import { registrationOf, standsBefore } from './registration.ts';
import { GUARD } from './renamed-address.ts';
import type { ReadCode } from './residue.ts';
import { fieldOf, namesIn, type Placed, partsAround, partsBelow, partsIn } from './spot.ts';

/** What is shown at an address, by rule: the engine reports it whoever may ask. */
const OF_EXPOSURE: ReadonlySet<string> = new Set(['CODE61']);

/** Whether a patch sets something by the name of a guard before the address that a finding is about. */
export function isGuardedNow(target: Finding, files: readonly FileChange[], read: ReadCode): boolean {
  const [code, ...others] = OF_EXPOSURE.has(target.rule) ? addedCode(files, read) : [];
  if (!code || others.length > 0 || files[0]?.path !== target.place.file) return false;
  const shown = partsAround(code.before, target.place.span).flatMap((part) => registrationOf(part) ?? [])[0];
  const path = shown?.path;
  if (!shown || path === undefined) return false;
  const registered = partsBelow(partsIn(code.after.body)).filter((part) => part.kind === 'expression');
  const at = registered.findLast((part) => registrationOf(part)?.path === path && !isGuard(part, code));
  return registered.some((part) => {
    const earlier = registrationOf(part);
    const isFirst = at !== undefined && part.place.span.start < at.place.span.start;
    return earlier !== undefined && isFirst && isGuard(part, code) && standsBefore(earlier, shown);
  });
}

/** Of what a patch wrote: `app.use('/files', isAdmin())`. */
function isGuard(part: Placed, { isNew }: AddedCode): boolean {
  const given = fieldOf(fieldOf(part, 'value'), 'arguments');
  const handlers = Array.isArray(given) ? given.slice(1) : [];
  const named = partsIn(handlers).filter(({ kind }) => kind === 'name' || kind === 'member' || kind === 'call');
  const members = partsBelow(named).map((one) => String(fieldOf(one, 'name')));
  return isNew(part.place) && [...namesIn(named), ...members].some((name) => GUARD.test(name));
}
