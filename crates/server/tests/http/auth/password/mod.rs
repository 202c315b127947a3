mod request;
mod reset;
