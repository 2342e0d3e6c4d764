#!/usr/bin/env node
// A small agent without dependencies: asks the model, does what it says, until it asks for nothing more.
// It reads ANTHROPIC_BASE_URL and ANTHROPIC_API_KEY, as agents do. usage: node agent.mjs -p PROMPT
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const PROPERTIES = {
  Bash: ['command'],
  Read: ['file_path'],
  Write: ['file_path', 'content'],
  Edit: ['file_path', 'old_string', 'new_string'],
};

const DOES = {
  Bash({ command }) {
    const { stdout, stderr, status } = spawnSync('/bin/sh', ['-c', command], { encoding: 'utf8', timeout: 60_000 });
    return `${stdout}${stderr}\nexit code ${status}`;
  },
  Read: ({ file_path }) => readFileSync(file_path, 'utf8'),
  Write({ file_path, content }) {
    mkdirSync(dirname(file_path), { recursive: true });
    writeFileSync(file_path, content);
    return 'written';
  },
  Edit({ file_path, old_string, new_string }) {
    const text = readFileSync(file_path, 'utf8');
    if (!text.includes(old_string)) throw new Error('old_string is not in the file');
    writeFileSync(file_path, text.replace(old_string, () => new_string));
    return 'edited';
  },
};

const tools = Object.entries(PROPERTIES).map(([name, fields]) => ({
  name,
  description: name,
  input_schema: {
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field, { type: 'string' }])),
    required: fields,
  },
}));

function execute({ id, name, input }) {
  try {
    if (!Object.hasOwn(DOES, name)) throw new Error(`there is no tool ${name}`);
    return { type: 'tool_result', tool_use_id: id, content: DOES[name](input) };
  } catch (error) {
    return { type: 'tool_result', tool_use_id: id, is_error: true, content: error.message };
  }
}

async function ask(messages) {
  const response = await fetch(`${process.env.ANTHROPIC_BASE_URL}/v1/messages`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-api-key': process.env.ANTHROPIC_API_KEY ?? '',
      'anthropic-version': '2023-06-01',
    },
    body: JSON.stringify({ model: process.env.ANTHROPIC_MODEL ?? 'claude-sonnet-4-5', max_tokens: 4096, messages, tools }),
  });
  if (!response.ok) throw new Error(`the model answered ${response.status}: ${await response.text()}`);
  return response.json();
}

const prompt = process.argv[process.argv.indexOf('-p') + 1];
const messages = [{ role: 'user', content: prompt }];
for (let turn = 0; turn < 50; turn += 1) {
  const { content } = await ask(messages);
  messages.push({ role: 'assistant', content });
  for (const block of content) if (block.type === 'text') console.log(block.text);
  const calls = content.filter((block) => block.type === 'tool_use');
  if (calls.length === 0) break;
  messages.push({ role: 'user', content: calls.map(execute) });
}
