declare global {
  // biome-ignore lint/style/noNamespace: SvelteKit reads this one.
  namespace App {
    interface Locals {
      /** Who is logged in; null for nobody. */
      user: { readonly name: string } | null;
    }
  }
}

export {};
