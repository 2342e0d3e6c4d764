import type { Facts } from '../../../facts/index.ts';
import type { RuleDescriptor } from '../../../findings/index.ts';
import type { AttackPath } from '../../paths/attack-path.ts';

/** A rule whose findings are whole attack paths: a query over the facts. */
export interface PathRule extends RuleDescriptor {
  paths(facts: Facts): readonly AttackPath[];
}
