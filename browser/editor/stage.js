// What the editor stands in. It comes with the editor, so that the first page need not pay for it.
const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  .yaml-editor { min-width: 0; }
  .yaml-editor > [hidden] { display: none; }
  .yaml-stage {
    border: 1px solid var(--cc-field); border-radius: var(--cc-radius); overflow: hidden; resize: vertical;
    height: 456px; min-height: 96px;
  }
  .yaml-editor.reads .yaml-stage { border: 0; height: auto; resize: none; }
  .yaml-editor.reads .cm-editor { max-height: 70vh; }
  .field.wrong .yaml-stage { border-color: var(--cc-broken); }
  .yaml-editor.merges .yaml-stage { height: auto; max-height: 70vh; overflow: auto; }
  .cm-mergeView .cm-merge-revert { width: 28px; }
  .cm-mergeView .cm-merge-revert button { min-height: 24px; color: var(--cc-primary); }
`);
document.adoptedStyleSheets.push(sheet);
