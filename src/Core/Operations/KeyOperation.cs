namespace CalicoConsole.Core.Operations;

/// <summary>
/// An operation that is carried out when the keys of its plan are written, in order and by compare-and-swap: of Calico's resources and configuration, and of
/// what the console itself keeps. Nobody has to know more of it than its plan.
/// </summary>
public abstract record KeyOperation : Operation;
