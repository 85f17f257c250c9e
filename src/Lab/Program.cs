using CalicoConsole.Lab;

return args switch
{
    ["forward", var listen, var socket] => await Forward.RunAsync(listen, socket).ConfigureAwait(false),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: CalicoConsole.Lab forward ADDRESS:PORT SOCKET");
    return 2;
}
