# Varnish: WebSockets are piped, polls passed. A held poll needs first_byte_timeout
# (60 s by default) above pingInterval, a silent WebSocket pipe_timeout (60 s).
vcl 4.1;

backend app {
  .host = "127.0.0.1";
  .port = "3000";
  .first_byte_timeout = 60s;
}

sub vcl_recv {
  if (req.http.Upgrade ~ "(?i)websocket") {
    return (pipe);
  }
  return (pass);
}

sub vcl_pipe {
  if (req.http.Upgrade) {
    set bereq.http.Upgrade = req.http.Upgrade;
    set bereq.http.Connection = req.http.Connection;
  }
}
