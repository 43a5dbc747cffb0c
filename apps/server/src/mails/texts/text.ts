// What one mail says, and the pages that mails open.

export interface MailText {
  readonly subject: string;
  /** Above the button. */
  readonly paragraphs: readonly string[];
  /** What the button says, and the page that it opens; null where there is nothing to open. */
  readonly button: { readonly label: string; readonly page: string } | null;
  /** Below it. */
  readonly after: readonly string[];
}

export const pages = {
  activate: "/activate-account",
  reEnable: "/re-enable-account",
  signIn: "/sign-in",
  reset: "/reset-password",
  forgotten: "/forgot-password",
} as const;
