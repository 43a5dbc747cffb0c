// The pages behind the links of mails, and those that ask for one; each is loaded when it is first needed.

import { lazyRouteComponent } from "@tanstack/react-router";

export const ActivateAccountPage = lazyRouteComponent(
  () => import("./ActivateAccountPage.tsx"),
  "ActivateAccountPage",
);
export const AskToReEnablePage = lazyRouteComponent(
  () => import("./AskToReEnablePage.tsx"),
  "AskToReEnablePage",
);
export const ReEnableAccountPage = lazyRouteComponent(
  () => import("./ReEnableAccountPage.tsx"),
  "ReEnableAccountPage",
);
export const AskForPasswordPage = lazyRouteComponent(
  () => import("./AskForPasswordPage.tsx"),
  "AskForPasswordPage",
);
export const ResetPasswordPage = lazyRouteComponent(
  () => import("./ResetPasswordPage.tsx"),
  "ResetPasswordPage",
);
