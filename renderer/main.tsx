import './zod-without-eval.ts';
import '@fontsource/be-vietnam-pro/400.css';
import '@fontsource/be-vietnam-pro/500.css';
import '@fontsource/be-vietnam-pro/600.css';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './app.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { createClient } from './engine/client.ts';
import { NoEngine } from './shell/no-engine.tsx';

const bridge = window.anThu;
const root = createRoot(document.getElementById('root')!);
root.render(<StrictMode>{bridge ? <App engine={createClient(bridge)} /> : <NoEngine />}</StrictMode>);
