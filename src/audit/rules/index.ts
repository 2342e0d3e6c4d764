import type { Rule } from '../rule.ts';
import { AGT_RULES } from './agt/index.ts';
import { AW_RULES } from './aw/index.ts';
import { AZ_RULES } from './az/index.ts';
import { CFG_RULES } from './cfg/index.ts';
import { CI_RULES } from './ci/index.ts';
import { CRD_RULES } from './crd/index.ts';
import { CT_RULES } from './ct/index.ts';
import { EXE_RULES } from './exe/index.ts';
import { GAT_RULES } from './gat/index.ts';
import { GL_RULES } from './gl/index.ts';
import { INP_RULES } from './inp/index.ts';
import { JK_RULES } from './jk/index.ts';
import { LIF_RULES } from './lif/index.ts';
import { META_RULES } from './meta/index.ts';
import { NET_RULES } from './net/index.ts';
import { SUP_RULES } from './sup/index.ts';

/** Every rule about a single weakness, by family. Whole paths stand in `path/`. */
export const RULES: readonly Rule[] = [
  ...AGT_RULES,
  ...INP_RULES,
  ...GAT_RULES,
  ...CRD_RULES,
  ...EXE_RULES,
  ...NET_RULES,
  ...SUP_RULES,
  ...CFG_RULES,
  ...LIF_RULES,
  ...GL_RULES,
  ...JK_RULES,
  ...AZ_RULES,
  ...AW_RULES,
  ...CT_RULES,
  ...CI_RULES,
  ...META_RULES,
];
