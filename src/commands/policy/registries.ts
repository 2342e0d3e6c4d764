import { SallyportError } from '../../errors/index.ts';
import { type NetworkGrant, type RegistryKind, resolveRegistries } from '../../policy/index.ts';
import { readTextIfAny } from '../../system/index.ts';
import { printError } from '../error-line.ts';

/** A policy can be looked at on a machine that lacks one of its package clients; a run there refuses to start. */
export function registriesHere(kinds: readonly RegistryKind[]): readonly NetworkGrant[] {
  try {
    return resolveRegistries(kinds, readTextIfAny, process.env);
  } catch (error) {
    if (!(error instanceof SallyportError) || error.code !== 'SP1104') throw error;
    printError(error, 'warning: ');
    return [];
  }
}
