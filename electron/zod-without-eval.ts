import { z } from 'zod';

// The page's policy forbids eval; zod would try it once for speed. Must be imported before any schema is made.
z.config({ jitless: true });
