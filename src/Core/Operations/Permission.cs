namespace CalicoConsole.Core.Operations;

/// <summary>What somebody may do. Every operation says in its own file which one it needs.</summary>
public enum Permission
{
    /// <summary>Look at everything, plan everything, change nothing.</summary>
    View,

    /// <summary>Containers and what runs in them: create, start, stop, remove, ping, release an endpoint that was left behind.</summary>
    Operate,

    /// <summary>What the network is made of: Calico's resources, nodes, Docker networks, IPAM, configuration, manifests, drafts and assertions.</summary>
    Network,

    /// <summary>The console itself and whatever concerns everybody in it.</summary>
    Administer,
}

/// <summary>Knows what whoever asks may do. The runner asks at the moment of the change.</summary>
public interface IPermissionCheck
{
    /// <summary>Whether whoever asks holds <paramref name="permission"/> now. One that throws counts as no.</summary>
    ValueTask<bool> HoldsAsync(OperationContext context, Permission permission, CancellationToken cancellationToken);
}

/// <summary>Whoever may change anything holds every permission: a signed-in person, the API's token, the console itself.</summary>
public sealed class EveryPermission : IPermissionCheck
{
    /// <inheritdoc/>
    public ValueTask<bool> HoldsAsync(OperationContext context, Permission permission, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new(context.Permissions.HasFlag(permission == Permission.View ? OperationPermissions.Plan : OperationPermissions.Change));
    }
}
