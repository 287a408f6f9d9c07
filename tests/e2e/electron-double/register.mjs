// Makes `import 'electron'` resolve to the double: node --import register.mjs dist/main/index.js
import { registerHooks } from 'node:module';

const DOUBLE = new URL('./double.ts', import.meta.url).href;
Object.defineProperty(process.versions, 'electron', { value: '45.4.1', enumerable: true });
registerHooks({
  resolve: (specifier, context, next) => (specifier === 'electron' ? { url: DOUBLE, shortCircuit: true } : next(specifier, context)),
});
