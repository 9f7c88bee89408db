#![allow(dead_code)]
mod intake;
