import { PRODUCTS } from '../../../agents/index.ts';

/*
 * Widely used, long-standing packages: fetched without a lock they still change, but nobody made the name up. By the
 * registry that has them, read 2026-11.
 */

const NPM = `
  typescript prettier eslint jest vitest playwright @playwright/test tsx ts-node create-react-app
  create-next-app create-vite degit serve http-server nodemon rimraf knip madge depcheck npm-check-updates
  wrangler vercel netlify-cli firebase-tools prisma drizzle-kit turbo nx lerna storybook shadcn pnpm yarn npm
  markdownlint-cli markdownlint-cli2 @biomejs/biome @modelcontextprotocol/inspector skills supabase expo
  lighthouse webpack vite esbuild rollup cspell license-checker semantic-release husky lint-staged changeset
  @changesets/cli commitlint react react-dom react-router-dom next vue svelte express lodash axios zod
  tailwindcss jscodeshift remotion docx pptxgenjs sharp puppeteer cypress mocha chai nyc c8 concurrently
  cross-env dotenv pm2 redux electron serve-handler tsup unbuild swc-loader mermaid ajv-cli
`;

const PYPI = `
  pip uv ruff black mypy pytest isort flake8 pylint bandit pre-commit poetry tox nox requests numpy pandas
  httpx rich pyyaml jinja2 pydantic fastapi django flask build twine wheel setuptools hatch openai anthropic
  matplotlib scipy pillow beautifulsoup4 sqlalchemy pyright cookiecutter mkdocs sphinx pypdf openpyxl
  python-docx python-pptx pdfplumber reportlab lxml docker semgrep checkov zizmor pytesseract pdf2image
  line-profiler memory-profiler py-spy seaborn scikit-learn torch transformers aiohttp uvicorn gunicorn click
  typer selenium scrapy boto3 psycopg2 psycopg2-binary celery redis pymongo markitdown tqdm tiktoken
  claude-agent-sdk pyinstaller coverage hypothesis pip-audit safety yt-dlp pymupdf imageio opencv-python nltk
  spacy networkx polars duckdb streamlit gradio jupyter jupyterlab notebook ipython virtualenv pipenv
  pip-tools maturin cython ansible
`;

const CARGO_AND_GEMS = `
  ripgrep cargo-audit cargo-nextest cargo-deny just bundler rails rubocop tauri-cli cargo-watch cargo-edit
  cargo-llvm-cov cargo-tarpaulin cargo-outdated cargo-expand cargo-fuzz wasm-pack wasm-bindgen-cli sccache
  fd-find bat tokei hyperfine mdbook cross trunk sqlx-cli
`;

const NAMES: ReadonlySet<string> = new Set([
  ...[NPM, PYPI, CARGO_AND_GEMS].flatMap((names) => names.split(/\s+/).filter((name) => name !== '')),
  ...PRODUCTS.flatMap(({ packages }) => packages),
]);

/** Scopes that belong to one well-known publisher: nobody else can register a name in them. */
const SCOPES: ReadonlySet<string> = new Set([
  ...['@anthropic-ai', '@openai', '@google', '@google-cloud', '@types', '@angular', '@vue', '@nestjs', '@aws-sdk'],
  ...['@azure', '@octokit', '@actions', '@playwright', '@testing-library', '@babel', '@typescript-eslint', '@eslint'],
  ...[
    '@microsoft',
    '@vercel',
    '@cloudflare',
    '@sentry',
    '@storybook',
    '@tanstack',
    '@radix-ui',
    '@prisma',
    '@remotion',
  ],
]);

/** Programs of well-known packages whose package has another name. */
const PROVIDED_BY: Readonly<Record<string, string>> = {
  tsc: 'typescript',
  jest: 'jest',
  playwright: '@playwright/test',
  'react-scripts': 'react-scripts',
  ng: '@angular/cli',
  sb: 'storybook',
};

/** The package that carries a program of this name; the name itself where it is that of the package. */
export function providerOf(name: string): string {
  return Object.hasOwn(PROVIDED_BY, name) ? (PROVIDED_BY[name] ?? name) : name;
}

/** Whether everybody knows whose name this is. */
export function isWellKnown(name: string): boolean {
  const small = providerOf(name).toLowerCase();
  return NAMES.has(small) || SCOPES.has(small.split('/', 1)[0] ?? '');
}
