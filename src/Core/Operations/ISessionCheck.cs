namespace CalicoConsole.Core.Operations;

/// <summary>Whether whoever asks may still do so at the moment of a change; a page only knows what held when it was opened. Safe for concurrent use.</summary>
public interface ISessionCheck
{
    /// <summary>Null when the context's session stands or it needs none, else why nothing may be changed, for people.</summary>
    Task<string?> RefusalAsync(OperationContext context, CancellationToken cancellationToken);
}
