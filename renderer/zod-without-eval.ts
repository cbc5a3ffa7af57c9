import { z } from 'zod';

// The page's policy forbids eval; zod would try it once for speed. Must be imported before the contract.
z.config({ jitless: true });
