import type { MarkedProgram } from '../marked-program.ts';

/** Markup in templates, render functions and elements. */
export const TEMPLATE_PROGRAMS: readonly MarkedProgram[] = [
  {
    title: 'a template escapes what no directive says is markup',
    path: 'src/app.js',
    library: false,
    lines: [
      "import { html } from 'lit'; import { unsafeHTML } from 'lit/directives/unsafe-html.js';",
      "const q = new URLSearchParams(location.search).get('q');",
      'export const one = () => html`<p>${unsafeHTML(q)}</p>`; // BAD',
      'export const two = () => html`<p>${q}</p>`; // GOOD',
      'one(); two();',
    ],
  },
  {
    title: 'libraries that show a text as markup are told from those that show it as text',
    path: 'src/app.js',
    library: false,
    lines: [
      "import Handlebars from 'handlebars'; import { JSDOM } from 'jsdom'; import { h } from 'vue';",
      "const q = new URLSearchParams(location.search).get('q');",
      'new Handlebars.SafeString(q); // BAD',
      'new Handlebars.SafeString(Handlebars.escapeExpression(q)); // GOOD',
      "new JSDOM(q, { runScripts: 'dangerously' }); // BAD",
      'new JSDOM(q); // GOOD',
      "h('div', { innerHTML: q }); // BAD",
      "h('div', { title: q }); // GOOD",
      "h('div', q); // GOOD",
      '$.jGrowl(q); // BAD',
      "renderer.setProperty(el, 'innerHTML', q); // BAD",
      "renderer.setProperty(el, 'title', q); // GOOD",
      'WinJS.Utilities.setInnerHTMLUnsafe(el, q); // BAD',
      "document.querySelector('a').setHTML(q); // GOOD",
      "Vue.component('x', { template: q }); // BAD",
      "new Vue({ template: '<p>' + q + '</p>' }); // BAD",
      'new Vue({ data: { q } }); // GOOD',
    ],
  },
  {
    title: 'attributes that hold markup or an address are told from those that hold text',
    path: 'src/a.jsx',
    library: false,
    lines: [
      "import { useState } from 'react'; import { WebView } from 'react-native-webview'; import Link from 'next/link'; import { useRouter } from 'next/router';",
      "const q = new URLSearchParams(location.search).get('q');",
      'export const A = () => <div innerHTML={q} />; // BAD',
      'export const B = () => <WebView source={{ html: q }} />; // BAD',
      'export const C = () => <Link href={q}>x</Link>; // BAD',
      "export const D = () => <Link href={'/a/' + q}>x</Link>; // GOOD",
      'export const E = () => <div title={q}>{q}</div>; // GOOD',
      'export const F = () => { const r = useRouter(); r.push(q); }; // BAD',
      "export const G = () => { const r = useRouter(); r.push('/a?x=' + q); }; // GOOD",
      'export const H = () => <iframe srcDoc={q} />; // BAD',
      'export const J = () => <a href={q}>x</a>; // BAD',
    ],
  },
];
