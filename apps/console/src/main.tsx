// The console's program: a plain client of the API, with no private endpoints.

import "./parsers.ts";

import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { makeQueryClient } from "./api.ts";
import { makeRouter } from "./routes.tsx";
import { leave } from "./sessions/entry.ts";
import { resolveVariables, theme } from "./ui/theme.ts";
import "./ui/mantine.css";
import "./ui/theme.css";

const queries = makeQueryClient(() => leave(router, queries));
const router = makeRouter(queries);
const schemes = localStorageColorSchemeManager({ key: "lockstep-colours" });

// Before anything is painted; Mantine keeps it up to date from then on.
const scheme = schemes.get("auto");
if (scheme !== "auto") document.documentElement.dataset["mantineColorScheme"] = scheme;

const place = document.getElementById("root");
if (place === null) throw new TypeError("index.html has no #root");

createRoot(place).render(
  <StrictMode>
    <MantineProvider
      colorSchemeManager={schemes}
      cssVariablesResolver={resolveVariables}
      defaultColorScheme="auto"
      theme={theme}
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
