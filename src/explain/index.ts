export { ExplainApiModule } from './explain.module.ts';
export { explainMessage, type ExplainedMessage } from './explanation.ts';
export { explanationText } from './explanation-text.ts';
export { LANGUAGES, type Language } from './language.ts';
export { messageById } from './messages.store.ts';
