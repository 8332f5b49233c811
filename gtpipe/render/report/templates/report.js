"use strict";
// What pages can do beyond being read. Without it every page is whole.
