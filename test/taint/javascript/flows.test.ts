import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Laboratory, openLaboratory } from '../analysed.ts';
import { misjudgedLines, misweighedLines } from '../marked-program.ts';
import { ANSWER_CHECK_PROGRAMS } from './answer-check-programs.ts';
import { ANSWER_PROGRAMS } from './answer-programs.ts';
import { BEGINNINGS_PROGRAMS } from './beginnings-programs.ts';
import { CHECKS_PROGRAMS } from './checks-programs.ts';
import { CODE_PROGRAMS } from './code-programs.ts';
import { COMMAND_PROGRAMS } from './command-programs.ts';
import { COMPONENT_PROGRAMS } from './component-programs.ts';
import { CONSTRUCT_PROGRAMS } from './construct-programs.ts';
import { DOUBT_PROGRAMS } from './doubt-programs.ts';
import { ELEMENT_PROGRAMS } from './element-programs.ts';
import { ESCAPE_PROGRAMS } from './escape-programs.ts';
import { FEATURE_PROGRAMS } from './feature-programs.ts';
import { FILE_PROGRAMS } from './file-programs.ts';
import { FRAMEWORKS_PROGRAMS } from './frameworks-programs.ts';
import { GRAPHQL_PROGRAMS } from './graphql-programs.ts';
import { JQUERY_PROGRAMS } from './jquery-programs.ts';
import { KEY_PROGRAMS } from './key-programs.ts';
import { KNOWN_VALUE_PROGRAMS } from './known-value-programs.ts';
import { LANGUAGE_PROGRAMS } from './language-programs.ts';
import { MARKUP_PROGRAMS } from './markup-programs.ts';
import { MERGE_PROGRAMS } from './merge-programs.ts';
import { PAGE_CHECK_PROGRAMS } from './page-check-programs.ts';
import { PAGE_PROGRAMS } from './page-programs.ts';
import { PAGE_TEXT_PROGRAMS } from './page-text-programs.ts';
import { PATH_CHECK_PROGRAMS } from './path-check-programs.ts';
import { PROTOTYPE_PROGRAMS } from './prototype-programs.ts';
import { QUERY_PROGRAMS } from './query-programs.ts';
import { REDIRECT_PROGRAMS } from './redirect-programs.ts';
import { REQUEST_PROGRAMS } from './request-programs.ts';
import { RESPONSE_PROGRAMS } from './response-programs.ts';
import { ROOT_PROGRAMS } from './root-programs.ts';
import { SCHEMA_PROGRAMS } from './schema-programs.ts';
import { SEGMENT_PROGRAMS } from './segment-programs.ts';
import { SERVICE_PROGRAMS } from './service-programs.ts';
import { SHELL_PROGRAMS } from './shell-programs.ts';
import { TEMPLATE_PROGRAMS } from './template-programs.ts';
import { TEXT_METHOD_PROGRAMS } from './text-method-programs.ts';
import { WAY_PROGRAMS } from './way-programs.ts';

describe('flows in JavaScript and TypeScript', () => {
  let laboratory: Laboratory;
  before(async () => {
    laboratory = await openLaboratory();
  });
  after(() => laboratory[Symbol.dispose]());

  for (const program of [
    ...LANGUAGE_PROGRAMS,
    ...CONSTRUCT_PROGRAMS,
    ...COMPONENT_PROGRAMS,
    ...ESCAPE_PROGRAMS,
    ...JQUERY_PROGRAMS,
    ...KEY_PROGRAMS,
    ...KNOWN_VALUE_PROGRAMS,
    ...ROOT_PROGRAMS,
    ...SHELL_PROGRAMS,
    ...GRAPHQL_PROGRAMS,
    ...TEMPLATE_PROGRAMS,
    ...SCHEMA_PROGRAMS,
    ...WAY_PROGRAMS,
    ...SEGMENT_PROGRAMS,
    ...PAGE_CHECK_PROGRAMS,
    ...ANSWER_CHECK_PROGRAMS,
    ...CHECKS_PROGRAMS,
    ...FRAMEWORKS_PROGRAMS,
    ...BEGINNINGS_PROGRAMS,
    ...FEATURE_PROGRAMS,
    ...PROTOTYPE_PROGRAMS,
    ...CODE_PROGRAMS,
    ...REDIRECT_PROGRAMS,
    ...REQUEST_PROGRAMS,
    ...QUERY_PROGRAMS,
    ...FILE_PROGRAMS,
    ...COMMAND_PROGRAMS,
    ...ELEMENT_PROGRAMS,
    ...PAGE_PROGRAMS,
    ...RESPONSE_PROGRAMS,
    ...TEXT_METHOD_PROGRAMS,
    ...SERVICE_PROGRAMS,
    ...PATH_CHECK_PROGRAMS,
    ...PAGE_TEXT_PROGRAMS,
    ...MERGE_PROGRAMS,
    ...MARKUP_PROGRAMS,
    ...ANSWER_PROGRAMS,
  ])
    test(program.title, async () => {
      assert.deepEqual(await misjudgedLines(program, laboratory), []);
    });

  for (const program of DOUBT_PROGRAMS)
    test(program.title, async () => {
      assert.deepEqual(await misweighedLines(program, laboratory), []);
    });
});
