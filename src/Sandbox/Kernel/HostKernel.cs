using System.Collections.Concurrent;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.NodeEmulation.Dataplane;
using CalicoConsole.NodeEmulation.Startup;

namespace CalicoConsole.Sandbox.Kernel;

/// <summary>What Felix does on a simulated host.</summary>
internal enum FelixState
{
    /// <summary>It was never started.</summary>
    Absent,

    /// <summary>It runs and programs what etcd says.</summary>
    Running,

    /// <summary>Its process is there and stands still.</summary>
    Frozen,

    /// <summary>It was stopped: what it programmed stays.</summary>
    Stopped,
}

/// <summary>
/// The kernel of a simulated host, as far as containers depend on it: the networks inside of containers, and which endpoints Felix has programmed.
/// Thread-safe.
/// </summary>
/// <remarks>While Felix runs, what is programmed follows from the keys alone; when it stops, the last state is kept.</remarks>
internal sealed class HostKernel(string name)
{
    private readonly ConcurrentDictionary<string, ContainerStack> _stacks = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private FelixState _felix;
    private string _node = "";
    private string? _prefix;
    private ImmutableHashSet<string> _programmed = [];
    private readonly PacketFilter _filter = new();

    /// <summary>What Felix does.</summary>
    public FelixState Felix
    {
        get
        {
            lock (_gate)
            {
                return _felix;
            }
        }
    }

    /// <summary>The network of a container by Docker's id of its endpoint.</summary>
    public ContainerStack Stack(string endpoint) => _stacks.GetValueOrDefault(endpoint) ?? new ContainerStack();

    /// <summary>Changes the network of a container.</summary>
    public void Change(string endpoint, Func<ContainerStack, ContainerStack> change) =>
        _stacks.AddOrUpdate(endpoint, _ => change(new ContainerStack()), (_, stack) => change(stack));

    /// <summary>Felix begins, or goes on.</summary>
    /// <param name="node">The node's name in keys.</param>
    /// <param name="prefix">The prefix that its environment gives, which goes before etcd's; null when it gives none.</param>
    public void Start(string node, string? prefix)
    {
        lock (_gate)
        {
            (_felix, _node, _prefix) = (FelixState.Running, node, prefix);
        }
    }

    /// <summary>Felix goes on as it was configured.</summary>
    public void GoOn()
    {
        lock (_gate)
        {
            _felix = _felix == FelixState.Absent ? FelixState.Absent : FelixState.Running;
        }
    }

    /// <summary>Felix ends or stands still: what it had programmed by then stays.</summary>
    public void Halt(FelixState state, CalicoState keys)
    {
        lock (_gate)
        {
            _ = Write(keys);
            _felix = _felix == FelixState.Absent ? FelixState.Absent : state;
        }
    }

    /// <summary>Whether Felix has programmed an endpoint: its chains, its route and the settings of its interface.</summary>
    public bool HasProgrammed(CalicoState keys, string endpoint) => Programmed(keys).Contains(endpoint);

    /// <summary>The names of the endpoints that are programmed.</summary>
    public ImmutableHashSet<string> Programmed(CalicoState keys)
    {
        lock (_gate)
        {
            return Follow(keys);
        }
    }

    /// <summary>Its rules as Felix has written them by now.</summary>
    public PacketFilter Filter(CalicoState keys)
    {
        lock (_gate)
        {
            return Write(keys);
        }
    }

    private PacketFilter Write(CalicoState keys)
    {
        _ = Follow(keys);
        if (IsFollowing(keys))
        {
            _filter.Program(DataplaneBuilder.Build(Input(keys)).IPv4);
        }

        return _filter;
    }

    // Until somebody has set the key Ready, Felix waits.
    private bool IsFollowing(CalicoState keys) => _felix == FelixState.Running && keys.Keys.Find(V1Keys.Ready)?.Text == "true";

    private ImmutableHashSet<string> Follow(CalicoState keys)
    {
        // A changed prefix makes Felix start again, and it takes the rest away.
        if (IsFollowing(keys))
        {
            var prefix = _prefix ?? EffectiveConfiguration.Felix(keys, "InterfacePrefix", _node).Value;
            _programmed = [.. keys.WorkloadEndpoints.Values.Select(e => e.Value)
                .Where(e => e.Id.Node == _node && prefix.Split(',').Any(p => e.InterfaceName.StartsWith(p, StringComparison.Ordinal))).Select(e => e.Id.Name)];
        }

        return _programmed;
    }

    private DataplaneInput Input(CalicoState keys) => DataplaneInput.From(
        keys, _node, parameter => EffectiveConfiguration.Felix(keys, parameter, _node).Value is { Length: > 0 } value ? value : null)
    with
    {
        LooksAfter = e => _programmed.Contains(e.Id.Name),
        Interfaces = [.. Machine.DockerHosts.Where(m => m.Name == name).Select(m => new HostInterface("eth0", [new Cidr(m.Address, Machine.PrefixLength)]))],
    };
}
