// The look of the console: its colours are css variables, which follow the theme by themselves.
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const part = (colour, share) => `color-mix(in srgb, var(--cc-${colour}) ${share}%, transparent)`;

const theme = EditorView.theme({
  '&': { color: 'var(--cc-text)', backgroundColor: 'var(--cc-surface)', fontSize: '13px', height: '100%' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--cc-mono)', lineHeight: '20px', fontVariantLigatures: 'none', overscrollBehavior: 'auto' },
  '.cm-content': { caretColor: 'var(--cc-text)', padding: '6px 0' },
  '.cm-content:focus-visible': { outline: '2px solid var(--cc-accent)', outlineOffset: '-2px' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--cc-text)' },
  '.cm-gutters': { backgroundColor: 'var(--cc-sunken)', color: 'var(--cc-muted)', borderRight: '1px solid var(--cc-line)' },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { backgroundColor: part('text', 5) },
  '.cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLineGutter': { color: 'var(--cc-text)', fontWeight: '600' },
  '.cm-foldGutter .cm-gutterElement': { color: 'var(--cc-muted)' },
  '.cm-foldPlaceholder': { backgroundColor: 'var(--cc-sunken)', border: '1px solid var(--cc-line)', color: 'var(--cc-muted)' },
  '.cm-placeholder': { color: 'var(--cc-muted)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, .cm-content ::selection':
    { backgroundColor: part('primary', 28) },
  '.cm-selectionMatch': { backgroundColor: part('working', 18) },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: part('healthy', 20), outline: `1px solid ${part('healthy', 60)}` },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: part('broken', 20) },
  '.cm-searchMatch': { backgroundColor: part('attention', 30) },
  '.cm-tooltip': {
    color: 'var(--cc-text)', backgroundColor: 'var(--cc-surface)', border: '1px solid var(--cc-line)', borderRadius: 'var(--cc-radius)',
    boxShadow: '0 4px 16px rgb(0 0 0 / .2)', fontSize: '13px', maxWidth: 'min(480px, 90vw)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--cc-mono)', fontVariantLigatures: 'none' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '2px 8px', lineHeight: '20px' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--cc-primary)', color: 'var(--cc-on-primary)' },
  '.cm-completionDetail': { color: 'inherit', fontStyle: 'normal' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-tooltip.cm-completionInfo': { padding: '6px 10px', lineHeight: '18px', maxWidth: '320px' },
  '.cm-panels': { color: 'var(--cc-text)', backgroundColor: 'var(--cc-sunken)', borderColor: 'var(--cc-line)' },
  '.cm-panels.cm-panels-bottom': { borderTop: '1px solid var(--cc-line)' },
  '.cm-panel button, .cm-button': {
    backgroundImage: 'none', backgroundColor: 'var(--cc-surface)', color: 'var(--cc-text)', border: '1px solid var(--cc-line)',
  },
  '.cm-textfield': { backgroundColor: 'var(--cc-surface)', color: 'var(--cc-text)', border: '1px solid var(--cc-muted)' },
  '.cm-diagnostic': { borderLeftWidth: '3px', padding: '4px 8px' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--cc-broken)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--cc-attention)' },
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--cc-broken)', textUnderlineOffset: '3px' },
  '.cm-lintRange-warning': { backgroundImage: 'none', textDecoration: 'underline wavy var(--cc-attention)', textUnderlineOffset: '3px' },
  '.cm-wrongLine': { backgroundColor: part('broken', 12) },
  '.cm-doubtfulLine': { backgroundColor: part('attention', 12) },
  '&.cm-merge-b .cm-changedLine, .cm-insertedLine': { backgroundColor: part('healthy', 12) },
  '&.cm-merge-a .cm-changedLine, .cm-deletedChunk': { backgroundColor: part('broken', 12) },
  '&.cm-merge-b .cm-changedText': { background: part('healthy', 30) },
  '&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText': { background: part('broken', 30) },
  '.cm-collapsedLines:before, .cm-collapsedLines:after': { content: '"…"' },
  '.cm-deletedChunk .cm-chunkButtons': { position: 'static', padding: '2px 0' },
  '.cm-collapsedLines': { color: 'var(--cc-muted)', background: 'var(--cc-sunken)' },
  '.cm-deletedChunk .cm-chunkButtons button': {
    color: 'var(--cc-on-primary)', backgroundColor: 'var(--cc-primary)', borderRadius: '3px', minHeight: '24px', padding: '0 8px',
  },
});

const colours = HighlightStyle.define([
  { tag: tags.definition(tags.propertyName), color: 'var(--cc-primary)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--cc-healthy)' },
  { tag: tags.comment, color: 'var(--cc-muted)', fontStyle: 'italic' },
  { tag: [tags.keyword, tags.meta], color: 'var(--cc-working)' },
  { tag: [tags.labelName, tags.typeName], color: 'var(--cc-attention)' },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: 'var(--cc-muted)' },
]);

export const look = [theme, syntaxHighlighting(colours)];
