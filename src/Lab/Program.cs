using CalicoConsole.Lab;
using CalicoConsole.Lab.Node;

return args switch
{
    ["forward", var listen, var socket] => await Forward.RunAsync(listen, socket).ConfigureAwait(false),
    ["felix", var node] => await FelixProgram.RunAsync(node, NodeSettings.Environment(), TimeProvider.System).ConfigureAwait(false),
    ["node"] => await new LabNode(NodeSettings.Environment(), TimeProvider.System).RunAsync().ConfigureAwait(false),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: CalicoConsole.Lab node | felix NODE | forward ADDRESS:PORT SOCKET");
    return 2;
}
