// Package websecurity keeps other sites away from what a server shows to a browser: requests
// for hosts that are not the server's are refused, and answers carry header fields that limit
// what a browser does with them. The API and the page with the mails of the local stack use it.
package websecurity
