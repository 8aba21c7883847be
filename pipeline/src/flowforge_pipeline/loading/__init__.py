"""Write prepared rows so that a crash at any moment neither loses nor repeats one."""
