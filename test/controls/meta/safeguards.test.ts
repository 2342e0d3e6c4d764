import { after, before, describe, it } from 'node:test';
import { type Case, checkCase, sentenceOf } from '../cases.ts';
import { loadTools, type Tools } from '../trees.ts';

const CASES: readonly Case[] = [
  {
    name: 'a policy that lets every row through',
    file: 'supabase/migrations/2.sql',
    before: 'create policy "own" on orders for select using (auth.uid() = user_id);\n',
    after: 'create policy "own" on orders for select using (true);\n',
    control: 'safeguard-lost',
  },
  {
    name: 'an application without TLS',
    file: 'config/environments/production.rb',
    before:
      'Rails.application.configure do\n  config.force_ssl = true\n  config.consider_all_requests_local = false\nend\n',
    after:
      'Rails.application.configure do\n  config.force_ssl = false\n  config.consider_all_requests_local = true\nend\n',
    control: 'tls-check-off',
  },
  {
    name: 'forged requests',
    file: 'app/controllers/application_controller.rb',
    before:
      'class ApplicationController < ActionController::Base\n  protect_from_forgery with: :exception\n  before_action :authenticate_user!\nend\n',
    after:
      'class ApplicationController < ActionController::Base\n  skip_before_action :verify_authenticity_token\nend\n',
    control: 'safeguard-lost',
  },
  {
    name: 'a weak way to store passwords',
    file: 'app/settings.py',
    before:
      "DEBUG = False\nSESSION_COOKIE_SECURE = True\nPASSWORD_HASHERS = ['django.contrib.auth.hashers.Argon2PasswordHasher']\n",
    after:
      "DEBUG = False\nSESSION_COOKIE_SECURE = True\nPASSWORD_HASHERS = ['django.contrib.auth.hashers.MD5PasswordHasher', 'django.contrib.auth.hashers.Argon2PasswordHasher']\n",
    control: 'safeguard-lost',
  },
  {
    name: 'a stronger way to store passwords',
    file: 'app/settings.py',
    before: "PASSWORD_HASHERS = ['django.contrib.auth.hashers.PBKDF2PasswordHasher']\n",
    after:
      "PASSWORD_HASHERS = ['django.contrib.auth.hashers.Argon2PasswordHasher', 'django.contrib.auth.hashers.PBKDF2PasswordHasher']\n",
    control: undefined,
  },
  {
    name: 'an encoder that does nothing',
    file: 'src/main/java/C.java',
    before:
      'class C {\n  @Bean\n  PasswordEncoder passwordEncoder() {\n    return new BCryptPasswordEncoder(12);\n  }\n}\n',
    after:
      'class C {\n  @Bean\n  PasswordEncoder passwordEncoder() {\n    return NoOpPasswordEncoder.getInstance();\n  }\n}\n',
    control: 'safeguard-lost',
  },
  {
    name: 'an encoder that costs less',
    file: 'src/main/java/C.java',
    before:
      'class C {\n  @Bean\n  PasswordEncoder passwordEncoder() {\n    return new BCryptPasswordEncoder(12);\n  }\n}\n',
    after:
      'class C {\n  @Bean\n  PasswordEncoder passwordEncoder() {\n    return new BCryptPasswordEncoder(4);\n  }\n}\n',
    control: 'work-factor-lowered',
  },
  {
    name: 'passwords as they are',
    file: 'app/auth.py',
    before: "from passlib.context import CryptContext\npwd = CryptContext(schemes=['argon2'], deprecated='auto')\n",
    after: "from passlib.context import CryptContext\npwd = CryptContext(schemes=['plaintext'], deprecated='auto')\n",
    control: 'safeguard-lost',
  },
  {
    name: 'fewer rounds',
    file: 'app/auth.py',
    before: 'from passlib.hash import bcrypt\ndef h(p):\n    return bcrypt.using(rounds=12).hash(p)\n',
    after: 'from passlib.hash import bcrypt\ndef h(p):\n    return bcrypt.using(rounds=4).hash(p)\n',
    control: 'work-factor-lowered',
  },
  {
    name: 'a cheaper salt',
    file: 'app/auth.py',
    before: 'import bcrypt\ndef h(p):\n    return bcrypt.hashpw(p, bcrypt.gensalt(12))\n',
    after: 'import bcrypt\ndef h(p):\n    return bcrypt.hashpw(p, bcrypt.gensalt(4))\n',
    control: 'work-factor-lowered',
  },
  {
    name: 'a fast digest of passwords',
    file: 'app/auth.py',
    before: 'import bcrypt\ndef h(p):\n    return bcrypt.hashpw(p, bcrypt.gensalt(12))\n',
    after: 'import hashlib\ndef h(p):\n    return hashlib.sha256(p).hexdigest()\n',
    control: 'safeguard-lost',
  },
  {
    name: 'a function that hashes nothing',
    file: 'src/auth.ts',
    before:
      "import bcrypt from 'bcrypt';\nexport async function hashPassword(p: string) {\n  return bcrypt.hash(p, 12);\n}\n",
    after: 'export async function hashPassword(p: string) {\n  return p;\n}\n',
    control: 'safeguard-lost',
  },
  {
    name: 'fewer rounds of bcrypt',
    file: 'src/auth.ts',
    before:
      "import bcrypt from 'bcrypt';\nexport async function hashPassword(p: string) {\n  return bcrypt.hash(p, 12);\n}\n",
    after:
      "import bcrypt from 'bcrypt';\nexport async function hashPassword(p: string) {\n  return bcrypt.hash(p, 4);\n}\n",
    control: 'work-factor-lowered',
  },
  {
    name: 'a cheaper argon2',
    file: 'src/auth.ts',
    before:
      "import argon2 from 'argon2';\nexport const h = (p: string) => argon2.hash(p, { type: argon2.argon2id, memoryCost: 65536, timeCost: 3 });\n",
    after:
      "import argon2 from 'argon2';\nexport const h = (p: string) => argon2.hash(p, { type: argon2.argon2i, memoryCost: 1024, timeCost: 1 });\n",
    control: 'work-factor-lowered',
  },
  {
    name: 'a hasher with little memory',
    file: 'app/auth.py',
    before: 'from argon2 import PasswordHasher\nph = PasswordHasher(time_cost=3, memory_cost=65536)\n',
    after: 'from argon2 import PasswordHasher\nph = PasswordHasher(time_cost=1, memory_cost=8)\n',
    control: 'work-factor-lowered',
  },
  {
    name: 'the lowest cost',
    file: 'auth/hash.go',
    before: 'package auth\n\nfunc Hash(p []byte) ([]byte, error) {\n\treturn bcrypt.GenerateFromPassword(p, 12)\n}\n',
    after:
      'package auth\n\nfunc Hash(p []byte) ([]byte, error) {\n\treturn bcrypt.GenerateFromPassword(p, bcrypt.MinCost)\n}\n',
    control: 'work-factor-lowered',
  },
  {
    name: 'a password as it is',
    file: 'auth/hash.go',
    before: 'package auth\n\nfunc Hash(p []byte) ([]byte, error) {\n\treturn bcrypt.GenerateFromPassword(p, 12)\n}\n',
    after: 'package auth\n\nfunc Hash(p []byte) ([]byte, error) {\n\treturn p, nil\n}\n',
    control: 'safeguard-lost',
  },
];

describe('safeguards of frameworks', () => {
  let tools: Tools;
  before(async () => {
    tools = await loadTools();
  });
  after(() => tools.grammars[Symbol.dispose]());

  for (const row of CASES) it(sentenceOf(row), () => checkCase(row, tools));
});
