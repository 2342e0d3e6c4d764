import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isRouting } from '../../../src/agents/index.ts';

describe('variables that move the address of a model', () => {
  it('name a vendor or a gateway of models', () => {
    for (const name of [
      'ANTHROPIC_BASE_URL',
      'ANTHROPIC_BEDROCK_BASE_URL',
      'OPENAI_BASE_URL',
      'GOOGLE_GEMINI_BASE_URL',
      'AZURE_OPENAI_BASE_URL',
      'LITELLM_BASE_URL',
      'VITE_LLM_BASE_URL',
      'OPENAI_API_BASE_URL',
      'https_proxy',
      'model_providers.local.base_url',
    ])
      assert.ok(isRouting(name), name);
  });

  it('do not include the address of an application itself', () => {
    for (const name of ['SHOP_BASE_URL', 'VITE_API_BASE_URL', 'BASE_URL', 'NEXT_PUBLIC_BASE_URL', 'MAIL_BASE_URL'])
      assert.ok(!isRouting(name), name);
  });
});
